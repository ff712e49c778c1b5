import { requireTools } from './tools'
import { unpackDistribution } from './distribution'

/** Once for the whole run: the tools are there, the distribution archive is unpacked. */
export default function setup(): void {
  requireTools()
  unpackDistribution()
}
