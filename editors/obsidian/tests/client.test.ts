import { afterEach, describe, expect, test } from "vitest";
import type { Connection } from "../src/client";
import { Client, NoProgram } from "../src/client";
import { connect, program } from "../src/program";
import { findings, remove, until, VAULTLINT, vaultWith } from "./real";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

function clientOf(files: Record<string, string>, pauses?: number[]) {
  const folder = vaultWith(files);
  cleanups.push(() => remove(folder));
  const started: Connection[] = [];
  const start = async () => {
    const connection = await connect(VAULTLINT, ["server"], folder);
    started.push(connection);
    return connection;
  };
  const client = new Client(folder, start, pauses);
  cleanups.push(() => client.stop());
  return { client, folder, started };
}

describe("the client", () => {
  test("shows the findings of the whole vault", async () => {
    const { client } = clientOf({ "A.md": "[[Nowhere]]\n", "Sub folder/Ä b.md": "[[A#No such]]\n", "B.md": "[[A]]\n" });
    await client.start();
    expect(client.state).toBe("running");
    await until(() => client.diagnostics.size === 2, "findings");
    expect(findings(client)).toEqual([
      "A.md: broken-link: no note or attachment named 'Nowhere'",
      "Sub folder/Ä b.md: broken-anchor: no heading 'No such' in 'A.md'",
    ]);
  });

  test("restarts a server that ended, and stops after some attempts", async () => {
    const { client, started } = clientOf({ "A.md": "[[Nowhere]]\n" }, [10, 20]);
    await client.start();
    await until(() => client.diagnostics.size === 1, "findings");
    for (const count of [1, 2]) {
      started.at(-1)?.end();
      await until(() => client.state === "starting", "the end is seen");
      expect(client.diagnostics.size).toBe(0);
      await until(() => started.length === count + 1 && client.diagnostics.size === 1, "findings again");
    }
    started.at(-1)?.end();
    await until(() => client.state === "failed", "no further try");
    expect(client.problem).toContain("vaultlint ended");
    await client.restart();
    expect(client.state).toBe("running");
  });

  test("gives the reason if there is no program", async () => {
    const folder = vaultWith({});
    cleanups.push(() => remove(folder));
    const client = new Client(folder, async () => connect(program("/no/such/vaultlint"), ["server"], folder));
    await client.start();
    expect([client.state, client.problem]).toEqual(["missing", "There is no program at /no/such/vaultlint."]);
    await expect(client.request("x", {})).rejects.toThrow("vaultlint is not running");
    expect(() => program("", ["/no/such"])).toThrow(NoProgram);
  });

  test("stops for good while a server is starting", async () => {
    const { client, started } = clientOf({ "A.md": "[[Nowhere]]\n" });
    const starting = client.start();
    await client.stop();
    await starting;
    await until(() => started.length === 1, "it was started");
    expect(client.state).toBe("stopped");
    expect(client.diagnostics.size).toBe(0);
  });
});
