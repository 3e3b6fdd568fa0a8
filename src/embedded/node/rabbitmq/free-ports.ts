/** Free TCP ports, as this folder's callers know them. */
export { freePorts } from '../../../lib/free-ports.ts'
