import { expect, it } from 'vitest'
import { portTaken } from './port-taken.ts'

it.each([
  [
    'time="…" level=fatal msg="Failed to start server k3d-demo-server-0: Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint k3d-demo-server-0 (2e62): failed to bind host port for 127.0.0.1:39393:10.200.1.3:6443/tcp: address already in use"',
    '127.0.0.1:39393:10.200.1.3:6443/tcp: address already in use',
  ],
  [
    '(HTTP code 500) server error - driver failed programming external connectivity on endpoint x (1f): Bind for 127.0.0.1:39393 failed: port is already allocated ',
    'Bind for 127.0.0.1:39393 failed: port is already allocated',
  ],
  [
    'Ports are not available: exposing port TCP 127.0.0.1:39393 -> 127.0.0.1:0: listen tcp 127.0.0.1:39393: bind: address already in use',
    '127.0.0.1:39393 -> 127.0.0.1:0: listen tcp 127.0.0.1:39393: bind: address already in use',
  ],
])('names the port in %s', (message, port) => {
  expect(portTaken('node n', new Error(message))).toMatchObject({
    code: 'PORT_BUSY',
    exitCode: 1,
    message: `node n does not start, a port is taken where the engine runs: ${port}`,
    fix: expect.stringContaining('for new ports'),
  })
})

it('is nothing to any other failure', () => {
  expect(portTaken('node n', new Error('no space left on device'))).toBeUndefined()
})
