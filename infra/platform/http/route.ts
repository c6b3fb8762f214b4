import type { Request, Response } from 'express';

/** Who calls: decoded from the bearer token, or the anonymous visitor of a public route. */
export interface Principal {
  readonly userId: string;
  readonly role: string;
  readonly tier: string;
  /** Id of the access token. */
  readonly tokenId: string;
}

export interface RequestContext {
  readonly principal: Principal | undefined;
  readonly correlationId: string;
  readonly traceparent: string | undefined;
}

export interface RouteParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly description: string;
  readonly required?: boolean;
}

/**
 * One route of the system. The table of all of them is what the server mounts, what `/openapi.json` is made from and what the role test walks.
 * Handlers answer through `response` or throw a `Problem`; a rejected promise becomes its problem document.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Express path, `/api/v1/invoices/:id`. */
  readonly path: string;
  /** Empty: public. Otherwise the roles that may call it. */
  readonly roles: readonly string[];
  readonly summary: string;
  readonly tag: string;
  readonly parameters?: readonly RouteParameter[];
  /** JSON Schema of the JSON body, by media type. */
  readonly body?: Readonly<Record<string, object>>;
  /** Status → description (and schema of the JSON answer). */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema?: object; readonly mediaType?: string }>>;
  /** Error codes beside those every route can answer. */
  readonly problems?: readonly string[];
  /** `json`: parsed before the handler (1 MB at most); `none`: the handler reads the stream itself. Default none. */
  readonly reads?: 'json' | 'none';
  /**
   * A read that must be fast: `match` recognises its plain form (`req.url`, no query) and gives the path parameters; the server then goes to it
   * without asking the router. Every other form of the address still comes through the router.
   */
  readonly hot?: (url: string) => Readonly<Record<string, string>> | undefined;
  /** Whether the rate limit of the tier counts it (default true). */
  readonly limited?: boolean;
  handle(request: Request, response: Response, context: RequestContext): Promise<void> | void;
}
