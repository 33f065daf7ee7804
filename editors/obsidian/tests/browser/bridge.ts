/** What a page in a browser asks of node: files, and the server. */

/** What node offers to the page, each as a function of the window. */
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

/** What the page offers to node. */
export interface Deliveries {
  deliver(server: number, message: string): void;
  deliverEnd(server: number, reason: string): void;
}
