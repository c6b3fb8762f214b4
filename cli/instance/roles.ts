/** What a process can be. Each scales by itself; `all` is every one of them in one process, except the gateway, whose work the process then does itself. */
export const ROLE_NAMES = ['command-api', 'processor', 'relay', 'worker', 'query-api', 'gateway'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

export type RoleSet = ReadonlySet<RoleName>;

/** `relay` only where there is a bus. */
export const allRoles = (hasBus: boolean): RoleSet => new Set(ROLE_NAMES.filter((name) => name !== 'gateway' && (hasBus || name !== 'relay')));
