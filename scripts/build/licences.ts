/** What the licences of bundled packages ask for: that they go along. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt|mit|apache.*))?$/i;
const RULE = '='.repeat(80);

/** @param files what is in the bundle, relative to `root` */
export function licencesOf(root: string, files: readonly string[]): string {
  const folders = files.flatMap((file) => folderOf(file) ?? []);
  const packages = [...new Set(folders)].sort();
  return packages.map((folder) => licenceOf(join(root, folder))).join(`\n${RULE}\n\n`);
}

/** The folder of the package that a file is of; none for our own. */
function folderOf(file: string): string | undefined {
  return /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n').concat('\n');
}
