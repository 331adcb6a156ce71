import { describe, expect, it } from 'vitest'

import { checkConfigText } from '../../../src/lib/config/read-file.js'
import { OperatorError } from '../../../src/lib/errors/operator-error.js'

function problemsOf(text: string): string {
  try {
    checkConfigText(text, 'klinic.yaml')
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    expect(error.exit).toBe('badConfig')
    return error.message
  }
  return ''
}

describe('a klinic.yaml that is wrong', () => {
  it('names an unknown key with line, column and the key that was meant', () => {
    const text =
      'clusters:\n  prod:\n    bootstrapServers: [a:9092]\n    zookeper:\n      connect: zk:2181\n'
    expect(problemsOf(text)).toBe('klinic.yaml:4:5 unknown key zookeper, did you mean zookeeper?')
  })

  it('names every problem at once', () => {
    const text =
      'defaults:\n  policy:\n    band: wide\n    widnow: 24h\nclusters:\n  a:\n    sasl: {mechanism: GSSAPI}\n'
    const problems = problemsOf(text).split('\n')
    expect(problems).toHaveLength(3)
    expect(problems.join('\n')).toContain(
      'klinic.yaml:3:5 defaults.policy.band: expected 10% or off',
    )
    expect(problems.join('\n')).toContain(
      'klinic.yaml:4:5 unknown key widnow, did you mean window?',
    )
    expect(problems.join('\n')).toContain('klinic.yaml:7:12 clusters.a.sasl.mechanism')
  })

  it('refuses a literal secret and says how to refer to one, without repeating it', () => {
    const text =
      'clusters:\n  a:\n    sasl:\n      mechanism: PLAIN\n      username: u\n      password: hunter2\n'
    const problems = problemsOf(text)
    expect(problems).toContain('klinic.yaml:6:7 clusters.a.sasl.password: expected {file: PATH}')
    expect(problems).not.toContain('hunter2')
  })

  it.each([
    ['a tab for an indent', 'clusters:\n\tprod: {}\n', /klinic\.yaml:2:1 /],
    ['the same key twice', 'defaults: {}\ndefaults: {}\n', /klinic\.yaml:2:1 .*unique/],
    ['a list for a file', '- a\n', /klinic\.yaml:1:1/],
    [
      'a cluster named by operationsCluster that is not there',
      'clusters:\n  prod: {operationsCluster: pord}\n',
      /klinic\.yaml:2:10 .*no cluster pord in this file, did you mean prod\?/,
    ],
    [
      'a default cluster that is not there',
      'defaultCluster: x\n',
      /klinic\.yaml:1:1 .*no cluster x/,
    ],
    [
      'a number where a rate is wanted',
      'defaults:\n  policy: {throttle: 50}\n',
      /klinic\.yaml:2:12 .*50MB\/s/,
    ],
    [
      'plain http for a token endpoint',
      'clusters:\n  a:\n    sasl: {mechanism: OAUTHBEARER, tokenEndpoint: "http://x/"}\n',
      /expected an https URL/,
    ],
  ])('names %s', (_what, text, expected) => {
    expect(problemsOf(text)).toMatch(expected)
  })

  it('refuses a file that unfolds into far more than was written', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? '"x"' : `*a${level - 1}`
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => item).join(', ')}]`
    })
    expect(problemsOf(`${levels.join('\n')}\n`)).toMatch(/alias/i)
  })

  it('takes an empty file for one that sets nothing', () => {
    expect(checkConfigText('', 'klinic.yaml').raw).toEqual({})
    expect(checkConfigText('# only a comment\n', 'klinic.yaml').raw).toEqual({})
  })
})
