/** Signs of the UNECE Recommendation 20 codes that plants use most; an unknown code is shown as it is. */
const SIGNS: Record<string, string> = {
  CEL: '°C', FAH: '°F', KEL: 'K', P1: '%', SEC: 's', C26: 'ms', MIN: 'min', HUR: 'h', DAY: 'd',
  BAR: 'bar', MBR: 'mbar', PAL: 'Pa', KPA: 'kPa', MPA: 'MPa', PS: 'psi',
  MTR: 'm', CMT: 'cm', MMT: 'mm', '4H': 'µm', KMT: 'km', MTK: 'm²', MTQ: 'm³', LTR: 'l', MLT: 'ml',
  KGM: 'kg', GRM: 'g', TNE: 't', MTS: 'm/s', C16: 'mm/s', KMH: 'km/h', MSK: 'm/s²', RPM: 'r/min', HTZ: 'Hz', KHZ: 'kHz', MHZ: 'MHz',
  WTT: 'W', KWT: 'kW', MAW: 'MW', KWH: 'kWh', WHR: 'Wh', MWH: 'MWh', JOU: 'J', KJO: 'kJ', VLT: 'V', '2Z': 'mV', KVT: 'kV', AMP: 'A', '4K': 'mA', OHM: 'Ω', D46: 'VA', KVA: 'kVA', KVR: 'kvar',
  LPM: 'l/min', L2: 'l/min', E32: 'l/h', MQH: 'm³/h', MQS: 'm³/s', KGS: 'kg/s', E93: 'kg/h', NEW: 'N', NU: 'N·m', B43: 'kN',
  C62: '', EA: '', DD: '°', C81: 'rad', '2N': 'dB', '59': 'ppm', LUX: 'lx', Q30: 'pH', D10: 'S/m', G42: 'µS/cm', KMQ: 'kg/m³', NTU: 'NTU',
}

/** The sign of a unit code, e.g. °C for CEL. */
export function unitSign(code: string | null | undefined): string {
  if (!code) return ''
  return SIGNS[code] ?? code
}

/** Codes to propose in the model editor. */
export const UNIT_CODES = Object.entries(SIGNS).filter(([, sign]) => sign !== '')
