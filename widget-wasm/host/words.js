/**
 * The words for what the core says in numbers. Both lists are in the order of core/status.hpp and core/note.hpp; a test
 * keeps them so.
 */

export const states = ["connecting", "connected", "disconnected", "refused", "failed"];

/** Cause: its name, message and help. `{url}` is the server's URL. */
export const causes = [
  ["", "", ""],
  [
    "unreachable",
    "No connection to the Flowcast server at {url}.",
    "Is the server running, is the URL right, and does every proxy on the way let WebSockets pass? Trying again.",
  ],
  ["lost", "The connection to {url} was lost.", "Trying again."],
  ["silent", "The server at {url} has not answered for too long.", "Trying again."],
  ["closed", "The server at {url} closed the connection.", "Trying again."],
  [
    "protocol",
    "What answers at {url} does not speak Socket.IO.",
    "Check the URL: it has to be that of the Flowcast server, not of the Mendix app.",
  ],
  ["oversized", "The server at {url} sent more than a browser should take in.", "Publish smaller records."],
  ["busy", "The server at {url} is too busy just now.", "Trying again."],
  [
    "token",
    "The server at {url} refused the token.",
    "It is missing, wrong or has expired: check the widget's token, and the server's settings for tokens.",
  ],
  ["forbidden", "This token does not allow what the widget listens to.", "Check what the token allows."],
  [
    "service",
    "The server at {url} does not know this service.",
    "Compare the widget's service with the services that the server was started with.",
  ],
  ["rejected", "The server at {url} refused the connection.", "Trying again."],
  [
    "insecure",
    "A page that is served by https cannot connect to {url}.",
    "Use an https: or wss: URL; the server, or a proxy in front of it, needs a certificate.",
  ],
  [
    "policy",
    "The page's Content-Security-Policy forbids a connection to {url}.",
    "Add the server's wss: address to connect-src in the app's Content-Security-Policy header.",
  ],
  ["url", "“{url}” is not the URL of a server.", "It should look like https://realtime.example.com."],
  [
    "core",
    "Flowcast could not start on this page.",
    "WebAssembly is blocked, and the replacement in plain JavaScript could not be loaded.",
  ],
];

/** A status, as bridge.js describes it. */
export function describe(url, state, cause, detail) {
  const plain = { connecting: "Connecting to {url}.", connected: "Connected to {url}." };
  const [name, message, help] = causes[cause];
  const words = message || plain[states[state]];
  return { state: states[state], cause: name, message: words.split("{url}").join(url), help, detail };
}

/** What the core does, for whoever debugs: a namespace and the words. */
export const notes = [
  ["connection", "connecting"],
  ["connection", "connected:"],
  ["connection", "disconnected:"],
  ["connection", "waiting"],
  ["subscription", "subscribing:"],
  ["subscription", "subscribed:"],
  ["event", "received:"],
  ["event", "matched key"],
  ["action", "runs for key"],
  ["action", "finished for key"],
];
