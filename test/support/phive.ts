import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPromise } from 'yauzl';
import { ZIP_OPTIONS, zipEntries } from '#platform/zip/entries.js';
import { bringLibraries, engineCache, findJava, provideOnce } from '../../cli/engines/provide.js';

const VERSION = '4.2.0';
const NAME = `phive-rules-en16931-${VERSION}`;
const SHEETS = 'external/schematron/1.3.15';
const MAX_SHEET_BYTES = 8 * 1024 * 1024;

/** phive's EN 16931, outside of the project. */
export interface Phive {
  readonly java: string;
  /** Class path of everything it needs. */
  readonly classPath: string;
  /** The official stylesheets of a syntax. */
  sheet(syntax: 'ubl' | 'cii'): string;
}

/** Brings it where it is not here yet, which takes a minute. @throws EngineUnavailable */
export async function phive(): Promise<Phive> {
  const java = findJava(17);
  const folder = await provideOnce(engineCache(), NAME, async (made) => {
    await bringLibraries(made, [`com.helger.phive.rules:phive-rules-en16931:${VERSION}`, 'org.glassfish.jaxb:jaxb-runtime:4.0.5']);
    await unpackSheets(join(made, 'lib', `${NAME}.jar`), made);
  });
  return { java, classPath: join(folder, 'lib', '*'), sheet: (syntax) => join(folder, sheetName(syntax)) };
}

const sheetName = (syntax: 'ubl' | 'cii'): string => `EN16931-${syntax.toUpperCase()}-validation.xslt`;

/** The stylesheets lie in the library; who asks them alone needs them as files. */
async function unpackSheets(library: string, folder: string): Promise<void> {
  const zip = await openPromise(library, ZIP_OPTIONS);
  try {
    for await (const entry of zipEntries(zip)) {
      for (const syntax of ['ubl', 'cii'] as const) if (entry.name === `${SHEETS}/${syntax}/${sheetName(syntax)}`) await writeFile(join(folder, sheetName(syntax)), await entry.read(MAX_SHEET_BYTES));
    }
  } finally {
    zip.close();
  }
}
