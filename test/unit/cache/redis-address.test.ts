import { expect } from 'chai';
import { Problem } from '#contracts/kernel/problem.js';
import { parseRedisAddress } from '#platform/cache/redis-address.js';

const refusal = (text: string): string => {
  try {
    parseRedisAddress(text);
    return 'none';
  } catch (error) {
    return error instanceof Problem && error.code === 'setting-wrong' ? error.message : `not a Problem: ${String(error)}`;
  }
};

describe('the address of a Redis', () => {
  it('names a server, its credentials and its database', () => {
    expect(parseRedisAddress('redis://cache.example')).to.deep.equal({ nodes: [{ host: 'cache.example', port: 6379 }], cluster: false, tls: false, db: 0 });
    expect(parseRedisAddress('rediss://folio:p%40ss%3A%2F@cache.example:6380/3'))
      .to.deep.equal({ nodes: [{ host: 'cache.example', port: 6380 }], cluster: false, tls: true, username: 'folio', password: 'p@ss:/', db: 3 });
    expect(parseRedisAddress('redis://:secret@127.0.0.1:1/')).to.deep.equal({ nodes: [{ host: '127.0.0.1', port: 1 }], cluster: false, tls: false, password: 'secret', db: 0 });
    expect(parseRedisAddress('redis://[::1]:7000').nodes).to.deep.equal([{ host: '::1', port: 7000 }]);
  });

  it('names the servers of a cluster', () => {
    expect(parseRedisAddress('redis-cluster://u:p@h1:7001,h2:7002,h3')).to.deep.equal({
      nodes: [{ host: 'h1', port: 7001 }, { host: 'h2', port: 7002 }, { host: 'h3', port: 6379 }], cluster: true, tls: false, username: 'u', password: 'p', db: 0,
    });
    expect(parseRedisAddress('rediss-cluster://h1:7001').tls).to.equal(true);
  });

  it('is refused with the reason, which never holds the password', () => {
    for (const text of ['', 'http://h', 'redis://', 'redis://h:99999', 'redis://h/x', 'redis://h:1,h2:2', 'redis-cluster://h:1/2', 'redis-cluster://h:1,,h2:2', 'redis://u:%E0%A4%A@h', 'redis://u:secret@h/one two']) {
      expect(refusal(text), text).to.match(/^FOLIO_REDIS is wrong: /u).and.not.include('secret');
    }
  });
});
