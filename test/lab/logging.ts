import { writeFileSync } from 'node:fs'

const PATTERN = '[%d] %p %m (%c)%n'

const log4j = (level: string): string => `log4j.rootLogger=${level}, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=${PATTERN}
`

const log4j2 = (level: string): string => `appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=${PATTERN}
rootLogger.level=${level}
rootLogger.appenderRef.out.ref=out
`

/** Brokers log to standard output, which the lab sends to a file; tools log errors only. */
export function writeLogging(dir: string): void {
  writeFileSync(`${dir}/log4j.properties`, log4j('INFO'))
  writeFileSync(`${dir}/log4j2.properties`, log4j2('info'))
  writeFileSync(`${dir}/quiet-log4j.properties`, log4j('ERROR'))
  writeFileSync(`${dir}/quiet-log4j2.properties`, log4j2('error'))
}
