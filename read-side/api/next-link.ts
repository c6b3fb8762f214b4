import type { Request, Response } from 'express';

/** `Link` to the next page: this very address with the cursor in place of its own. */
export function setNextLink(request: Request, response: Response, cursor: string | undefined): void {
  if (cursor === undefined) return;
  const url = new URL(request.originalUrl, 'http://folio.invalid');
  url.searchParams.set('cursor', cursor);
  // The token was honoured for this page; the next one goes on from it and need not wait again.
  url.searchParams.delete('after');
  response.setHeader('Link', `<${url.pathname}${url.search}>; rel="next"`);
}
