/** The contract cases' web server: / answers the pod's name, /env its environment, /health 200; CRASH=N exits with N. */
import { createServer } from 'node:http'

const { CRASH, HOSTNAME, PORT = '8080' } = process.env
if (CRASH) {
  process.stdout.write(`crashing with ${CRASH}\n`)
  process.exit(Number(CRASH))
}

const server = createServer((request, response) => {
  if (request.url === '/env') response.end(JSON.stringify(process.env))
  else response.end(HOSTNAME)
})
server.listen(Number(PORT), '0.0.0.0', () => process.stdout.write(`listening on ${PORT}\n`))
process.on('SIGTERM', () => server.close(() => process.exit(0)))
process.on('SIGTERM', () => server.closeAllConnections())
