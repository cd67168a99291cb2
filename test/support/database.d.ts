export interface FreshDatabase {
    readonly url: string;
    /** The login of outside clients. */
    readonly readerUrl: string;
    drop(): Promise<void>;
}
/** A migrated, empty database of its own (0.1 s): a clone of a template. Drop it when done. */
export declare function freshDatabase(): Promise<FreshDatabase>;
/** The same without any migration. */
export declare function emptyDatabase(): Promise<FreshDatabase>;
