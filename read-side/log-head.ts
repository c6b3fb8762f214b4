import { isAfter, laterOf, ORIGIN, type Position } from '#contracts/kernel/position.js';
import type { EventStore } from '#platform/event-store/port.js';

/** How far the log is, asked only for positions beyond the newest head that was seen. */
export class LogHead {
  #head = ORIGIN;

  constructor(private readonly log: Pick<EventStore, 'status'>) {}

  /** Whether the log has come to the position. @throws Problem store-unavailable */
  async has(position: Position): Promise<boolean> {
    if (isAfter(position, this.#head)) this.#head = laterOf(this.#head, (await this.log.status()).head);
    return !isAfter(position, this.#head);
  }
}
