/** Replaces `src/program.ts` in a browser: node starts the real server. */
import type { Message, MessageReader, MessageWriter } from "vscode-jsonrpc";
import type { Connection } from "../../src/client";
import type { Bridge, Deliveries } from "./bridge";

const node = window as unknown as Bridge;
const receivers = new Map<number, { message(text: string): void; end(reason: string): void }>();
const waiting: [number, string][] = [];
const nothing = (): { dispose(): void } => ({ dispose: () => undefined });

Object.assign(window, {
  deliver: (server, text) => {
    const receiver = receivers.get(server);
    if (receiver === undefined) {
      waiting.push([server, text]);
    } else {
      receiver.message(text);
    }
  },
  deliverEnd: (server, reason) => receivers.get(server)?.end(reason),
} satisfies Deliveries);

export const realFolder = (folder: string): string => folder;
export const program = (): string => "vaultlint";
export const reportFile = (): string => "report.html";
export const run = (_: string, args: readonly string[]): Promise<string> => node.nodeRun(args);

export async function connect(): Promise<Connection> {
  const server = await node.nodeStart();
  let ended: (reason: string, useless: boolean) => void = () => undefined;
  const reader: MessageReader = {
    onError: nothing,
    onClose: nothing,
    onPartialMessage: nothing,
    listen: (callback) => {
      receivers.set(server, {
        message: (text) => callback(JSON.parse(text) as Message),
        end: (reason) => ended(reason, false),
      });
      waiting.filter(([to]) => to === server).forEach(([, text]) => receivers.get(server)?.message(text));
      return nothing();
    },
    dispose: () => receivers.delete(server),
  };
  const writer: MessageWriter = {
    onError: nothing,
    onClose: nothing,
    write: (message) => node.nodeSend(server, JSON.stringify(message)),
    end: () => undefined,
    dispose: () => undefined,
  };
  return { reader, writer, onEnd: (then) => (ended = then), end: () => void node.nodeEnd(server) };
}
