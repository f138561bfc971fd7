// bearer.mjs URL TOKENFILE: what a client that cannot send a token speaks to. Listens on a free port of 127.0.0.1, adds
// "Authorization: Bearer …" to each request, hands it to the server at URL and streams the answer back as it comes.
// Prints "listening on URL" and serves until it is ended. For tests: whoever reaches the port is let in.
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { pipeline } from 'node:stream';

const maxBody = 4 * 1024 * 1024, maxWaits = 5, maxWaitSeconds = 10, idleMs = 60_000;
const [target, tokenFile] = [new URL(process.argv[2]), process.argv[3]];
const token = readFileSync(tokenFile, 'utf8').trim();

/** The proxy's own name becomes the server's; any other reaches the server's guards as the client wrote it. */
const renamed = (text, own) => text?.replace(new RegExp(`^(http://)?(127\\.0\\.0\\.1|localhost):${own}$`, 'i'), `$1$2:${target.port}`);

function refuse(answer, status, words) {
  if (answer.headersSent) answer.destroy();
  else answer.writeHead(status, { 'content-type': 'text/plain' }).end(`${words}\n`);
}

async function bodyOf(asked) {
  const parts = [];
  let length = 0;
  for await (const part of asked) {
    length += part.length;
    if (length > maxBody) throw new RangeError(`the body is larger than ${maxBody} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Sends it, and again when the server says that it came too fast and when to come back. */
function forward(asked, answer, body, headers, waits) {
  if (answer.closed) return;
  const sent = request(target, { method: asked.method, path: asked.url, headers }, got => {
    const seconds = Number(got.headers['retry-after']);
    if (got.statusCode === 429 && seconds <= maxWaitSeconds && waits < maxWaits) {
      got.resume();
      setTimeout(forward, seconds * 1000, asked, answer, body, headers, waits + 1);
      return;
    }
    answer.writeHead(got.statusCode, got.headers);
    answer.flushHeaders();
    // Either side's end is the other's: a client that leaves a stream has cancelled, and the server must see it.
    pipeline(got, answer, () => {});
  });
  sent.setTimeout(idleMs, () => sent.destroy(new Error(`no word from the server for ${idleMs / 1000} s`)));
  sent.on('error', error => refuse(answer, 502, error.message));
  answer.on('close', () => sent.destroy());
  sent.end(body);
}

const proxy = createServer((asked, answer) => {
  const own = proxy.address().port;
  const headers = { ...asked.headers, host: renamed(asked.headers.host, own), authorization: `Bearer ${token}`, connection: 'close' };
  if (headers.origin) headers.origin = renamed(headers.origin, own);
  delete headers['transfer-encoding'];
  bodyOf(asked).then(
    body => forward(asked, answer, body, { ...headers, 'content-length': body.length }, 0),
    error => refuse(answer, error instanceof RangeError ? 413 : 400, error.message));
});
proxy.maxConnections = 64;
proxy.requestTimeout = idleMs;
proxy.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${proxy.address().port}${target.pathname}`));
