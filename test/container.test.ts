/** The image's recipe, held against the rest of the repository: no engine runs here. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { licencesOf } from '../scripts/build/licences.ts';

interface Instruction {
  readonly word: string;
  readonly text: string;
}

function instructionsOf(path: string): readonly Instruction[] {
  const whole = readFileSync(path, 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '');
  return whole.split('\n').flatMap((line) => {
    const { word, text } = /^(?<word>[A-Z]+) (?<text>.*)$/.exec(line)?.groups ?? {};
    return word === undefined || text === undefined ? [] : [{ word, text }];
  });
}

const instructions = instructionsOf('Dockerfile');
const lastStage = instructions.slice(instructions.findLastIndex(({ word }) => word === 'FROM'));
const allowed = readFileSync('.dockerignore', 'utf8').match(/(?<=^!).*$/gm) ?? [];

function textsOf(word: string, among: readonly Instruction[] = lastStage): readonly string[] {
  return among.filter((each) => each.word === word).map(({ text }) => text);
}

describe('the image', () => {
  test('runs as a numeric user that is not root', () => {
    expect(textsOf('USER')).toEqual(['65532:65532']);
  });

  test('runs the file that the build writes', () => {
    const build = readFileSync('scripts/build.ts', 'utf8');
    expect(build).toContain("join(ROOT, 'dist')");
    expect(build).toContain("entryPoints: ['src/main.ts', 'src/serve.ts']");
    expect(textsOf('COPY')).toContain('--from=build /build/dist/ ./');
    expect([...textsOf('WORKDIR'), ...textsOf('CMD')]).toEqual(['/app', '["/app/main.mjs"]']);
  });

  test('leaves its health to the kubelet', () => {
    expect(textsOf('HEALTHCHECK', instructions)).toEqual([]);
  });

  test('names its base images as arguments, both with the major Node we test with', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const major = /^\d+/.exec(devDependencies.node)?.[0];
    const images = textsOf('ARG', instructions).filter((text) => text.includes('_IMAGE='));
    expect(images).toEqual([
      expect.stringMatching(`^BUILD_IMAGE=.*node:${major}-`),
      expect.stringMatching(`^RUNTIME_IMAGE=.*/nodejs${major}-`),
    ]);
    expect(textsOf('FROM', instructions)).toEqual([
      '--platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build',
      '${RUNTIME_IMAGE}',
    ]);
  });

  test('opens the ports that the settings have by default', () => {
    const help = readFileSync('test/golden/help.txt', 'utf8');
    const ports = [...help.matchAll(/--(?:metrics|probes)-port\s+(\d+)/g)].map(([, port]) => port);
    expect(textsOf('EXPOSE')).toEqual([ports.join(' ')]);
  });

  test('copies what is there, and what .dockerignore lets in, and no more', () => {
    const copied = textsOf('COPY', instructions)
      .filter((text) => !text.startsWith('--from='))
      .flatMap((text) => text.split(' ').slice(0, -1));
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
    expect(copied.toSorted()).toEqual(allowed.toSorted());
  });

  test('is told of registries by a secret, which is in no layer', () => {
    const installs = textsOf('RUN', instructions).filter((text) => text.includes('npm ci'));
    expect(installs).toEqual([expect.stringContaining('--mount=type=secret,id=npmrc ')]);
    expect(installs[0]).toContain('--userconfig /run/secrets/npmrc');
  });

  test('brings the licence of each package that is bundled, once', () => {
    const files = ['src/main.ts', 'node_modules/pino/pino.js', 'node_modules/pino/lib/levels.js'];
    const text = licencesOf('.', files);
    expect(text.match(/^pino [\d.]+ \(MIT\)$/gm)).toHaveLength(1);
    expect(text).toContain('Permission is hereby granted');
    expect(text).not.toContain('====');
  });
});
