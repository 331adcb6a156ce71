import { describe, expect, it } from 'vitest'

import { sudoersOutcome } from '../../../src/lib/cli/print-sudoers.js'
import { plainStyle } from '../../../src/lib/report/style.js'

describe('roll plan --print-sudoers', () => {
  it('prints one block for brokers with the same commands', () => {
    const outcome = sudoersOutcome([{ id: 1 }, { id: 2 }], {
      user: 'klinic',
      manager: 'systemd',
      service: 'kafka',
      controllerService: '',
    })
    expect(outcome.text(plainStyle)).toBe(
      [
        '# /etc/sudoers.d/klinic on the host of broker 1, 2',
        'klinic ALL=(root) NOPASSWD: /usr/bin/systemctl stop kafka',
        'klinic ALL=(root) NOPASSWD: /usr/bin/systemctl start kafka',
      ].join('\n'),
    )
  })

  it('gives each host its own service only', () => {
    const { json } = sudoersOutcome([{ id: 4 }, { id: 7 }], {
      user: 'klinic',
      manager: 'supervisord',
      service: 'kafka-{broker}',
      controllerService: '',
    })
    expect(json.hosts[1]).toEqual({
      broker: 7,
      lines: ['stop', 'start', 'status'].map(
        (verb) => `klinic ALL=(root) NOPASSWD: /usr/bin/supervisorctl ${verb} kafka-7`,
      ),
    })
  })
})
