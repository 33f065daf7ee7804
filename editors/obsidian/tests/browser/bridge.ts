/** Functions of node for a page in a browser: files, and the server. */

/** The functions of node, each a function of the window. */
export interface Bridge {
  nodeList(): Promise<string[]>;
  nodeRead(path: string): Promise<string>;
  nodeWrite(path: string, text: string): Promise<void>;
  nodeRename(from: string, to: string): Promise<void>;
  nodeRemove(path: string): Promise<void>;
  nodeStart(): Promise<number>;
  nodeSend(server: number, message: string): Promise<void>;
  nodeEnd(server: number): Promise<void>;
  nodeRun(args: readonly string[]): Promise<string>;
}

/** The functions of the page for node. */
export interface Deliveries {
  deliver(server: number, message: string): void;
  deliverEnd(server: number, reason: string): void;
}
