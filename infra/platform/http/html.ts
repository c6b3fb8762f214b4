import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const INLINE = /<(script|style)(?:\s[^>]*)?>([\s\S]*?)<\/\1>/giu;

/** A content security policy that allows exactly the inline scripts and styles of this page, by hash, and calls to the own origin. */
export function htmlPolicy(html: string): string {
  const hashes = { script: [] as string[], style: [] as string[] };
  for (const [, element = '', content = ''] of html.matchAll(INLINE)) {
    if (content.length === 0) continue;
    const source = `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    hashes[element.toLowerCase() === 'script' ? 'script' : 'style'].push(source);
  }
  const allow = (sources: readonly string[]): string => ["'self'", ...sources].join(' ');
  return [
    "default-src 'none'", `script-src ${allow(hashes.script)}`, `style-src ${allow(hashes.style)}`, "img-src 'self' data:",
    "connect-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
  ].join('; ');
}

/** Answers with a page and the policy computed from it. */
export function sendHtml(response: ServerResponse, html: string): void {
  response.statusCode = 200;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Security-Policy', htmlPolicy(html));
  response.end(html);
}
