/** What a replica tells about itself on `/metrics`. */

/** The sum of a metric's series. */
export async function readMetric(port: unknown, name: string): Promise<number> {
  const page = await fetch(`http://127.0.0.1:${String(port)}/metrics`);
  return (await page.text())
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
