import { existsSync, writeFileSync } from 'node:fs';
import { judgeBytes, type JudgeTask } from '../../../write-side/judging/judge-bytes.js';
import type { JudgedDocument } from '../../../write-side/intake/documents.js';

/** A thread that does to itself what its document says: `die`, `stick`, `die once FILE`; others are judged. */
export default function oddly(task: JudgeTask): JudgedDocument {
  const text = Buffer.from(task.bytes).toString();
  if (text === 'die') process.exit(3);
  if (text === 'stick') for (;;);
  const [, marker] = /^die once (.+)$/u.exec(text) ?? [];
  if (marker !== undefined && !existsSync(marker)) {
    writeFileSync(marker, '');
    process.exit(3);
  }
  return judgeBytes(task);
}
