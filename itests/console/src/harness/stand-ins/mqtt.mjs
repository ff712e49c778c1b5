/**
 * What `mosquitto_pub` and `mosquitto_sub` do, with the options that the tests and the downloaded commands use, spoken by
 * mqtt.js: for machines without Mosquitto. An option that it does not know is an error.
 */
import { parseArgs } from 'node:util'
import mqtt from 'mqtt'

const text = short => ({ type: 'string', ...(short && { short }) })
const {
  values: given,
  positionals: [command],
} = parseArgs({
  allowPositionals: true,
  options: {
    host: text('h'),
    port: text('p'),
    'protocol-version': { ...text('V'), default: 'mqttv311' },
    id: text('i'),
    username: text('u'),
    pw: text('P'),
    keepalive: { ...text('k'), default: '60' },
    topic: text('t'),
    qos: { ...text('q'), default: '0' },
    message: text('m'),
    verbose: { type: 'boolean', short: 'v' },
    debug: { type: 'boolean', short: 'd' },
    'will-topic': text(),
    'will-payload': text(),
    'will-qos': text(),
  },
})
const protocol = {
  mqttv31: { protocolVersion: 3, protocolId: 'MQIsdp' },
  mqttv311: { protocolVersion: 4 },
  mqttv5: { protocolVersion: 5 },
}[given['protocol-version']]
if (protocol === undefined) fail(`unknown version ${given['protocol-version']}`)

function fail(why) {
  console.error(String(why))
  process.exit(1)
}

const client = mqtt.connect({
  ...protocol,
  host: given.host,
  port: Number(given.port),
  clientId: given.id,
  username: given.username,
  password: given.pw,
  keepalive: Number(given.keepalive),
  reconnectPeriod: 0,
  ...(given['will-topic'] && {
    will: { topic: given['will-topic'], payload: Buffer.from(given['will-payload'] ?? ''), qos: Number(given['will-qos'] ?? 0), retain: false },
  }),
})
const qos = Number(given.qos)
let done = false
const end = () => {
  done = true
  client.end()
}
client.on('error', fail)
client.on('close', () => done || fail('the server closed the connection'))
client.on('message', (topic, payload) => console.log(given.verbose ? `${topic} ${payload}` : `${payload}`))
client.on('connect', () => {
  if (command === 'pub') client.publish(given.topic, given.message, { qos }, error => (error ? fail(error) : end()))
  else {
    client.subscribe(given.topic, { qos }, (error, granted) => {
      if (error) fail(error)
      else if (given.debug) console.log(`Subscribed (mid: 1): ${granted.map(one => one.qos).join(', ')}`)
    })
  }
})
process.once('SIGTERM', end)
