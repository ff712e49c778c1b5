import type { Triple } from './api'
import { as, TestClient } from './mqtt'
import type { Server } from './server'

const filler = 'AuroraDairy/Lyon/Filling/Line_1/Filler_01'
const pasteuriser = 'AuroraDairy/Lyon/Pasteurization/HTST_1'

/** What the demo plant says at step `n`: the same plant every time. */
function messages(n: number): [topic: string, payload: Record<string, unknown>, retain: boolean][] {
  const wave = (period: number, middle: number, swing: number, decimals: number) =>
    Number((middle + swing * Math.sin((2 * Math.PI * n) / period) + swing * 0.25 * Math.sin((2 * Math.PI * n) / (period / 7.3))).toFixed(decimals))
  const timestamp = new Date().toISOString()
  return [
    [
      `${pasteuriser}/Metric/process`,
      {
        timestamp,
        product_temp_c: wave(40, 72.4, 0.4, 2),
        holding_time_s: wave(90, 15.2, 0.2, 1),
        flow_lph: wave(60, 9820, 60, 1),
        diff_pressure_bar: wave(50, 0.62, 0.01, 3),
        divert_valve_open: false,
      },
      false,
    ],
    [`${pasteuriser}/State/machine`, { state: 'EXECUTE', state_code: 6, mode: 'PRODUCTION', reason: null, since: '2026-11-23T05:12:00Z' }, true],
    [`${filler}/Metric/counters`, { timestamp, good_count: 182_400 + n * 3, reject_count: 212 + Math.floor(n / 20), speed_bpm: wave(30, 402, 6, 1) }, false],
    [`${filler}/State/machine`, { state: 'EXECUTE', state_code: 6, mode: 'PRODUCTION', reason: null, since: '2026-11-23T06:00:10Z' }, true],
    [`${filler}/State/alarms`, { active_count: 0, highest_severity: 0 }, true],
    ['AuroraDairy/Lyon/Utilities/Air_Compressor_01/Metric/energy', { timestamp, power_kw: wave(45, 88.2, 4, 2), energy_kwh: 120_345.125 + n * 0.01, outlet_pressure_bar: wave(35, 7.1, 0.1, 2), outlet_temp_c: wave(80, 81, 2, 1), running_hours: 18_220 }, false],
    ['AuroraDairy/Lyon/Filling/Line_1/Metric/oee', { timestamp, oee: wave(100, 0.7712, 0.01, 4) }, false],
    ['AuroraDairy/Lyon/Filling/Line_1/State/current_order', { order_id: 'PO-2026-11-2208', sku: 'MILK-UHT-1L', planned_qty: 240_000, completed_qty: 182_400 + n * 3, status: 'RUNNING' }, true],
  ]
}

/** A small dairy that publishes ten times a second until it is stopped. */
export class Plant {
  private timer: NodeJS.Timeout | undefined
  private step = 0

  private constructor(private readonly gateway: TestClient) {}

  static async start(server: Server, triple: Triple): Promise<Plant> {
    const plant = new Plant(await TestClient.open(server, as(triple, 5)))
    plant.timer = setInterval(() => plant.publish(), 100)
    plant.publish()
    return plant
  }

  private publish(): void {
    this.step++
    for (const [topic, payload, retain] of messages(this.step)) {
      if (!this.gateway.connected) return
      // States are said every two seconds, measurements every time.
      if (retain && this.step % 20 !== 1) continue
      this.gateway.mqtt.publish(topic, JSON.stringify(payload), { qos: 1, retain })
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await this.gateway.end()
  }
}
