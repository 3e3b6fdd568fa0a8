/** Where an Application's files come from. */

export interface Repository {
  /**
   * The full id of a revision (branch, tag, commit; '' and HEAD are the default branch). `fresh` asks the remote;
   * otherwise what is known already counts. Throws when the repository or the revision is not to be had.
   */
  resolve(revision: string, fresh: boolean): Promise<string>
  /** A folder with the files of a resolved revision, for reading only. */
  checkout(id: string): Promise<string>
  /** Calls back when the repository may have changed; undefined where only polling tells. */
  watch?(changed: () => void): Disposable
}
