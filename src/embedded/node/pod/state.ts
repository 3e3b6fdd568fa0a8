/** A container's state as the API has it. */

/** The API's ContainerState: exactly one of the three. */
export interface ContainerState {
  waiting?: { reason: string; message?: string }
  running?: { startedAt: string }
  terminated?: any
}
