import { z } from 'zod'

import * as value from '../values.js'
import { key } from './key.js'

/** What runs a broker on its host. `{broker}` in a name or command stands for the broker's id. */
export const service = z
  .strictObject({
    manager: key(
      z.enum(['systemd', 'upstart', 'runit', 'supervisord', 'custom']).prefault('systemd'),
      {
        description: 'what runs the broker: systemd, upstart, runit, supervisord or custom',
        flag: 'service-manager',
      },
    ),
    name: key(value.text().prefault('kafka'), {
      description: 'name of the service; {broker} stands for the broker id',
      flag: 'service',
    }),
    controllerName: key(value.text().optional(), {
      description: 'name of the service of KRaft controllers that are no brokers (default: name)',
      example: 'kafka-controller',
      flag: 'controller-service',
    }),
    sudo: key(z.boolean('expected true or false').prefault(true), {
      description: 'whether the built-in commands go through sudo -n',
    }),
    stopCommand: key(value.text().optional(), {
      description: 'own command to stop it',
      example: 'sudo -n /opt/kafka/ctl stop {broker}',
      flag: 'stop-cmd',
    }),
    startCommand: key(value.text().optional(), {
      description: 'own command to start it',
      example: 'sudo -n /opt/kafka/ctl start {broker}',
      flag: 'start-cmd',
    }),
    statusCommand: key(value.text().optional(), {
      description: 'own command that exits 0 and prints the process id while it runs',
      example: '/opt/kafka/ctl status {broker}',
      flag: 'status-cmd',
    }),
  })
  .prefault({})
