/** A user of a secured lab. The passwords are no secrets: the cluster lives on loopback for minutes. */
export interface LabUser {
  readonly username: string
  readonly password: string
}

/** May do everything; the brokers use it among themselves. */
export const SUPER_USER: LabUser = { username: 'admin', password: 'admin-secret' }
/** Can log in and has no ACL at all. */
export const PLAIN_USER: LabUser = { username: 'nobody', password: 'nobody-secret' }
export const ALL_USERS: readonly LabUser[] = [SUPER_USER, PLAIN_USER]
/** Of every PKCS12 store of the lab. */
export const STORE_PASSWORD = 'changeit'
