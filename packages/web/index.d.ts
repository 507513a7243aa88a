/** Absolute path of the built pages: `index.html` and `assets/`, whose names hold a hash of their content. */
export declare const webDirectory: string;
