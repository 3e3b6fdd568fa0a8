/** The store on disk: one SQLite file, written through on every change. */
import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type KubeObject, keyOf } from '../objects.ts'

export interface StoredRow {
  bucket: string
  object: KubeObject
}

/** Rows survive the process at once (write-ahead log), and power failure up to the log's last flush. */
export class SqliteFile implements Disposable {
  readonly #database: DatabaseSync
  readonly #put: StatementSync
  readonly #remove: StatementSync
  readonly #setRevision: StatementSync

  /** Opens or makes the file, readable by the user only; `:memory:` keeps nothing. */
  constructor(path: string) {
    if (path !== ':memory:') {
      closeSync(openSync(path, 'a', 0o600))
      chmodSync(path, 0o600)
    }
    this.#database = new DatabaseSync(path)
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS objects (
        bucket TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, object TEXT NOT NULL,
        PRIMARY KEY (bucket, key)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    `)
    this.#put = this.#database.prepare(
      'INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision, object = excluded.object',
    )
    this.#remove = this.#database.prepare('DELETE FROM objects WHERE bucket = ? AND key = ?')
    this.#setRevision = this.#database.prepare(
      "INSERT INTO counters VALUES ('revision', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    )
  }

  /** The highest revision that was given out. */
  revision(): number {
    const row = this.#database
      .prepare(
        "SELECT max(coalesce((SELECT value FROM counters WHERE name = 'revision'), 0), coalesce((SELECT max(revision) FROM objects), 0)) AS revision",
      )
      .get() as { revision: number }
    return row.revision
  }

  *rows(): Generator<StoredRow> {
    for (const row of this.#database.prepare('SELECT bucket, object FROM objects').iterate()) {
      yield { bucket: row.bucket as string, object: JSON.parse(row.object as string) as KubeObject }
    }
  }

  put(bucket: string, object: KubeObject, revision: number): void {
    this.#put.run(bucket, keyOf(object), revision, JSON.stringify(object))
  }

  remove(bucket: string, object: KubeObject, revision: number): void {
    // The counter first: a crash in between must not give the deletion's revision out again.
    this.#setRevision.run(revision)
    this.#remove.run(bucket, keyOf(object))
  }

  /** Writes the counter that is there already: throws what a write would throw. */
  touch(revision: number): void {
    this.#setRevision.run(revision)
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}
