/** The condition under which a package of this repository is read from its sources: nobody else has them. */
const SOURCE_CONDITION = "development";

/**
 * @param {unknown} exports
 * @returns {unknown} the same without the sources
 */
function withoutSources(exports) {
  if (typeof exports !== "object" || exports === null) return exports;
  const kept = Object.entries(exports).filter(([condition]) => condition !== SOURCE_CONDITION);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutSources(value)]));
}

/**
 * The package.json that is published: without what only this repository can use. Vite sets the condition
 * `development` too, so a published one would send its users to files that are not there.
 *
 * @param {Record<string, unknown>} manifest
 * @returns {Record<string, unknown>}
 */
export function publishedManifest(manifest) {
  const { scripts: _scripts, devDependencies: _devDependencies, ...kept } = manifest;
  const imports = manifest.imports === undefined ? {} : { imports: withoutSources(manifest.imports) };
  return { ...kept, exports: withoutSources(manifest.exports), ...imports };
}
