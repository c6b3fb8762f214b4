import { createServer, type Server } from 'node:net';

/** Listens on the port of this machine; 0 takes a free one. Rejects when it is in use. */
export const listenOn = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject).listen(port, '127.0.0.1', () => resolve(probe));
  });

/** So many free ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(Array.from({ length: count }, () => listenOn(0)));
  const ports = probes.map((probe) => {
    const address = probe.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise<void>((resolve) => probe.close(() => resolve()))));
  return ports;
}
