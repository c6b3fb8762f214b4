import { expect } from 'chai';
import { listingName, parseName, rowsName } from '#platform/backup/names.js';
import { archiveKey, objectKey } from '#platform/object-store/content.js';
import { toSha256 } from '#contracts/kernel/ids.js';

const SHA = toSha256('ab12'.repeat(16));

describe('names of the files of a backup', () => {
  it('say what each file is', () => {
    expect(parseName('manifest.json')).to.deep.equal({ kind: 'manifest' });
    expect(parseName('problem.json')).to.deep.equal({ kind: 'problem' });
    expect(parseName(listingName(12))).to.deep.equal({ kind: 'listing' });
    expect(parseName(rowsName('log', 'event', 3))).to.deep.equal({ kind: 'rows', database: 'log', table: 'event' });
    expect(parseName('keys/server.secret')).to.deep.equal({ kind: 'key', path: 'server.secret' });
    for (const path of ['trust/0a.b-c.cer', 'catalogues/catalogues.json']) expect(parseName(path)).to.deep.equal({ kind: 'operator', path });
    expect(parseName('keys/tokens/-a_B9.json')).to.deep.equal({ kind: 'key', path: 'tokens/-a_B9.json' });
    for (const key of [objectKey(SHA), archiveKey(SHA)]) expect(parseName(key)).to.deep.equal({ kind: 'object', key });
  });

  it('are refused in every other form: none leads out of the folder, none stands for another', () => {
    const wrong = [
      '', '.', '..', '/', '../manifest.json', '/etc/passwd', './manifest.json', 'manifest.json/', 'listing/../manifest.json', 'listing/1.jsonl', 'log/event/1.copy', 'log/../event/00000001.copy',
      'log/Event/00000001.copy', 'log/event;drop/00000001.copy', 'other/event/00000001.copy', 'keys/../server.secret', 'keys/..', 'keys/a/b/c.json', 'keys/.hidden', 'keys/tokens/.json', 'keys/a.json.new',
      'keys/server.secret.123.abcd', 'trust/../keys/a.cer', 'trust/.hidden.cer', 'trust/a.cer.new', 'catalogues/other.json', 'catalogues/catalogues.json.new', `objects/ab/12/${SHA}.gz`, `objects/ab/13/${SHA}`, `objects/AB/12/${SHA}`, `objects/ab/12/${SHA.toUpperCase()}`, `archive/ab/12/${SHA}`, `objects/ab/12/../../${SHA}`,
      `objects\\ab\\12\\${SHA}`, 'manifest.json\n', '\0', 'keys/tokens/a\0.json',
    ];
    for (const name of wrong) expect(parseName(name), JSON.stringify(name)).to.equal(undefined);
  });
});
