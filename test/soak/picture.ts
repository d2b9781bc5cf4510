/** `docs/pictures/soak.svg`: what each replica weighed, minute by minute. */
import type { Diary } from './diary.ts';
import type { Line } from './line.ts';
import { judgedSpan, slopesOf } from './memory.ts';
import type { Patient, Sample } from './vitals.ts';

const [WIDTH, HEIGHT] = [1_000, 460];
/** Around the plot. */
const EDGE = { left: 62, right: 150, top: 62, bottom: 52 };
const MB = 1e6;
const MINUTE_MS = 60_000;
/** Between two names at the right, that they do not lie upon each other. */
const NAME_GAP = 17;

interface Scales {
  x(atMs: number): number;
  y(bytes: number): number;
  readonly minutes: readonly number[];
  readonly megabytes: readonly number[];
}

interface Series {
  readonly name: string;
  readonly style: string;
  readonly points: readonly (readonly [number, number])[];
}

export function pictureOf(diary: Diary): string {
  const scales = scalesOf(diary);
  const series = seriesOf(diary);
  const { perMinute } = slopesOf(diary.leader, diary).rss;
  const slope = `${(perMinute / MB).toFixed(2)} MB a minute`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title description">
  <title id="title">Memory of the replicas in a soak</title>
  <desc id="description">Resident memory and heap, after garbage collection, of the leader that is
    never killed and of its standby; the resident memory of the replicas whose leader is killed
    every minute. In the shaded part the resident memory of the leader grows by ${slope}.</desc>
  <style>${STYLE}
  </style>
  <rect class="page" width="${WIDTH}" height="${HEIGHT}" rx="8" />
  <text class="head" x="${EDGE.left}" y="28">Memory of the replicas, in MB</text>
  <text class="says" x="${EDGE.left}" y="47">${subtitleOf(diary)}</text>
${[...shadeOf(diary, scales, slope), ...axesOf(scales), ...killsOf(diary, scales)].join('\n')}
${struckOf(diary, scales).join('\n')}
${series.map((each) => polyline(each.style, each.points, scales)).join('\n')}
${fitOf(diary, slopesOf(diary.leader, diary).rss, scales)}
${namesOf(series, scales).join('\n')}
</svg>
`;
}

function subtitleOf({ plan, crews }: Diary): string {
  const { resources, pools } = plan;
  const sizes = `${resources.toLocaleString('en')} resources in ${pools} pools`;
  const { length } = crews.struck.kills;
  return `${sizes}; grey: the crew of which ${length} leaders were killed (marks below)`;
}

/* ------------------------------------------------------------------------- the lines */

function seriesOf({ leader, standby }: Diary): readonly Series[] {
  const rss = ({ rssBytes, inside }: Sample) => inside?.rssBytes ?? rssBytes;
  const heap = ({ inside }: Sample) => inside?.heapBytes ?? Number.NaN;
  const of = ({ samples }: Patient, value: (sample: Sample) => number) =>
    samples.map((sample) => [sample.atMs, value(sample)] as const);
  return [
    { name: 'leader', style: 'blue', points: of(leader, rss) },
    { name: 'standby', style: 'green', points: of(standby, rss) },
    { name: 'leader, heap', style: 'blue dashed', points: of(leader, heap) },
    { name: 'standby, heap', style: 'green dashed', points: of(standby, heap) },
  ];
}

function struckOf({ crews }: Diary, scales: Scales): readonly string[] {
  return crews.struck.patients.map(({ samples }) =>
    polyline(
      'struck',
      samples.map(({ atMs, rssBytes }) => [atMs, rssBytes] as const),
      scales,
    ),
  );
}

function polyline(style: string, points: Series['points'], { x, y }: Scales): string {
  const places = points.map(([atMs, bytes]) => `${x(atMs).toFixed(1)},${y(bytes).toFixed(1)}`);
  return `  <polyline class="line ${style}" points="${places.join(' ')}" />`;
}

function fitOf(diary: Diary, line: Line, { x, y }: Scales): string {
  const { fromMs, toMs } = judgedSpan(diary.spans.load);
  const ends = [fromMs, toMs].map((ms) => `${x(ms).toFixed(1)},${y(line.at(ms)).toFixed(1)}`);
  return `  <polyline class="line fit" points="${ends.join(' ')}" />`;
}

/** At the right end of each line, from below upwards, none upon another. */
function namesOf(series: readonly Series[], { y }: Scales): readonly string[] {
  const ends = series.map(({ name, style, points }) => ({
    name,
    style: style.split(' ')[0],
    wanted: y(points.at(-1)?.[1] ?? 0),
  }));
  let lowest = HEIGHT;
  return ends
    .sort((one, other) => other.wanted - one.wanted)
    .map(({ name, style, wanted }) => {
      lowest = Math.min(wanted + 4, lowest - NAME_GAP);
      const at = `x="${WIDTH - EDGE.right + 10}" y="${lowest.toFixed(1)}"`;
      return `  <text class="name ${style}" ${at}>${name}</text>`;
    });
}

/* -------------------------------------------------------------------- around the lines */

function scalesOf(diary: Diary): Scales {
  const { before, load, after } = diary.spans;
  const patients = [diary.leader, diary.standby, ...diary.crews.struck.patients];
  const most = Math.max(
    ...patients.flatMap(({ samples }) =>
      samples.map(({ rssBytes, inside }) => Math.max(inside?.rssBytes ?? 0, rssBytes)),
    ),
  );
  const stepMb = [10, 20, 25, 50].find((each) => most / MB / each < 8) ?? 100;
  const top = Math.ceil(most / MB / stepMb) * stepMb;
  const spanMs = after.toMs - before.fromMs;
  const stepMinutes = [1, 2, 5, 10].find((each) => spanMs / MINUTE_MS / each <= 10) ?? 30;
  const minutes = Math.floor((after.toMs - load.fromMs) / MINUTE_MS / stepMinutes);
  const [wide, high] = [WIDTH - EDGE.left - EDGE.right, HEIGHT - EDGE.top - EDGE.bottom];
  const x = (atMs: number) => EDGE.left + ((atMs - before.fromMs) / spanMs) * wide;
  return {
    x,
    y: (bytes) => EDGE.top + (1 - bytes / MB / top) * high,
    minutes: Array.from(
      { length: minutes + 1 },
      (_, at) => load.fromMs + at * stepMinutes * MINUTE_MS,
    ),
    megabytes: Array.from({ length: top / stepMb + 1 }, (_, at) => at * stepMb),
  };
}

function axesOf({ x, y, minutes, megabytes }: Scales): readonly string[] {
  const [right, bottom] = [WIDTH - EDGE.right, HEIGHT - EDGE.bottom];
  const [begin = 0] = minutes;
  return [
    ...megabytes.flatMap((each) => [
      `  <path class="grid" d="M${EDGE.left} ${y(each * MB).toFixed(1)}H${right}" />`,
      `  <text class="says end" x="${EDGE.left - 8}" y="${(y(each * MB) + 4).toFixed(1)}">${each}</text>`,
    ]),
    ...minutes.map((ms) => {
      const name = Math.round((ms - begin) / MINUTE_MS);
      return `  <text class="says mid" x="${x(ms).toFixed(1)}" y="${bottom + 34}">${name}</text>`;
    }),
    `  <text class="says" x="${right + 10}" y="${bottom + 34}">minutes of load</text>`,
  ];
}

function shadeOf({ spans }: Diary, { x }: Scales, slope: string): readonly string[] {
  const { fromMs, toMs } = judgedSpan(spans.load);
  const [from, to] = [x(fromMs), x(toMs)];
  const [wide, high] = [(to - from).toFixed(1), HEIGHT - EDGE.top - EDGE.bottom];
  const box = `x="${from.toFixed(1)}" y="${EDGE.top}" width="${wide}" height="${high}"`;
  const middle = `x="${((from + to) / 2).toFixed(1)}" y="${EDGE.top + 16}"`;
  return [
    `  <rect class="lane" ${box} />`,
    `  <text class="says mid" ${middle}>judged: the leader grows by ${slope}</text>`,
  ];
}

function killsOf({ crews }: Diary, { x }: Scales): readonly string[] {
  const bottom = HEIGHT - EDGE.bottom;
  return crews.struck.kills.map(
    ({ atMs }) => `  <path class="kill" d="M${x(atMs).toFixed(1)} ${bottom + 4}v10" />`,
  );
}

const STYLE = `
    .page { fill: #ffffff }
    .lane { fill: #f0f4f8 }
    text { fill: #1f2933; font-size: 13px }
    text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
    .says { fill: #52606d; font-size: 12px }
    .head { font-weight: 600 }
    .mid { text-anchor: middle }
    .end { text-anchor: end }
    .grid { stroke: #d9dfe5; stroke-width: 1 }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round }
    .dashed { stroke-dasharray: 5 4 }
    .line.blue { stroke: #3f83d6 }
    .line.green { stroke: #2f9e58 }
    .line.struck { stroke: #b6bec7; stroke-width: 1 }
    .line.fit { stroke: #d4564b; stroke-width: 1.5 }
    .name.blue { fill: #2c66ad }
    .name.green { fill: #23793f }
    .kill { stroke: #d4564b; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 }
      .lane { fill: #161b22 }
      text { fill: #e6edf3 }
      .says { fill: #9aa7b4 }
      .grid { stroke: #262d36 }
      .line.blue { stroke: #4c8fe0 }
      .line.green { stroke: #3fae69 }
      .line.struck { stroke: #57606a }
      .line.fit, .kill { stroke: #e06a60 }
      .name.blue { fill: #7db1f0 }
      .name.green { fill: #6fd394 }
    }`;
