// Messages ↔ frames, and which frames are refused.
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { BadMessage, FrameCodec } from "../../../kernel/wire/frames.ts";
import { HeaderMaker, type Message } from "../../../kernel/wire/message.ts";

const headers = new HeaderMaker();
const message: Message = {
  identities: [Buffer.from("client"), Buffer.from([0, 255, 1])],
  header: headers.make("execute_request"),
  parent: headers.make("kernel_info_request"),
  metadata: { tags: ["a"] },
  content: { code: 'console.log("😀")' },
  buffers: [Buffer.from([1, 2, 3]), Buffer.alloc(0)],
};
const codec = new FrameCodec("secret");

const sign = (...parts: string[]) => createHmac("sha256", "secret").update(parts.join("")).digest("hex");
const signed = (...parts: string[]) =>
  ["<IDS|MSG>", sign(...parts), ...parts].map((part) => Buffer.from(part));
const header = '{"msg_id":"1","msg_type":"t"}';

describe("round trip", () => {
  test("all parts come back, and so does an unsigned message", () => {
    for (const key of ["secret", ""]) {
      const both = new FrameCodec(key);
      expect(both.unpack(both.pack(message))).toEqual(message);
    }
  });

  test("an empty parent header is none", () => {
    expect(codec.unpack(codec.pack({ ...message, parent: null })).parent).toBeNull();
  });

  test("the frames are those of the protocol", () => {
    const frames = codec.pack(message).map((frame) => Buffer.from(frame).toString());
    expect(frames[2]).toBe("<IDS|MSG>");
    expect(frames[3]).toBe(sign(...frames.slice(4, 8)));
    expect(JSON.parse(frames[4] as string)).toEqual(message.header);
  });

  test("headers are those of one session, each with an id of its own", () => {
    const [first, second] = [headers.make("status"), headers.make("status")];
    expect(first.session).toBe(second.session);
    expect(first.msg_id).not.toBe(second.msg_id);
    expect(new HeaderMaker().session).not.toBe(first.session);
    expect(first).toMatchObject({ msg_type: "status", version: "5.5" });
    expect(new Date(first.date).toISOString()).toBe(first.date);
  });
});

describe("refused", () => {
  const refuse = (frames: readonly Uint8Array[], reason: RegExp) => {
    expect(() => new FrameCodec("secret").unpack(frames)).toThrow(BadMessage);
    expect(() => codec.unpack(frames)).toThrow(reason);
  };

  test("another key, a changed content, a signature of the wrong length, none at all", () => {
    refuse(new FrameCodec("other").pack(message), /signature/);
    const changed = codec.pack(message);
    changed[7] = Buffer.from('{"code":"1"}');
    refuse(changed, /signature/);
    const short = codec.pack(message);
    short[3] = Buffer.from("abc");
    refuse(short, /signature/);
    refuse(new FrameCodec("").pack(message), /signature/);
  });

  test("the signature is looked at before the JSON", () => {
    refuse(
      ["<IDS|MSG>", "0".repeat(64), "{", "{", "{", "{"].map((part) => Buffer.from(part)),
      /signature/,
    );
  });

  test("frames that are no message", () => {
    refuse([], /delimiter/);
    refuse([Buffer.from("hello")], /delimiter/);
    refuse([Buffer.from("<IDS|MSG>")], /too few/);
    refuse(signed(header, "{}", "{}"), /too few/);
    refuse(signed(header, "{}", "{}", "{"), /not JSON/);
    refuse(signed(header, "{}", "{}", "[]"), /not a JSON object/);
    refuse(signed(header, "{}", "null", "{}"), /not a JSON object/);
    refuse(signed("{}", "{}", "{}", "{}"), /msg_type/);
  });

  test("headers that could not be sent back", () => {
    const deep = `{"msg_id":"1","msg_type":"t","date":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
    refuse(signed(deep, "{}", "{}", "{}"), /objects in it/);
    const large = `{"msg_id":"1","msg_type":"t","username":"${"x".repeat(70_000)}"}`;
    refuse(signed(large, "{}", "{}", "{}"), /too large/);
  });

  test("a message that is sent again, also after thousands of others", () => {
    const frames = codec.pack({ ...message, header: headers.make("execute_request") });
    codec.unpack(frames);
    expect(() => codec.unpack(frames)).toThrow(/before/);
    const bits = { identities: [], parent: null, metadata: {}, content: {}, buffers: [] };
    for (let i = 0; i < 32_000; i++) codec.unpack(codec.pack({ ...bits, header: headers.make("t") }));
    expect(() => codec.unpack(frames)).toThrow(/before/);
  });

  test("without a key a message may come twice", () => {
    const unsigned = new FrameCodec("");
    const frames = unsigned.pack(message);
    expect(unsigned.unpack(frames)).toEqual(unsigned.unpack(frames));
  });

  test("the parts of a header are not checked but for what the kernel needs", () => {
    const odd = '{"msg_id":"","msg_type":"t","date":"the day before","version":5,"session":null}';
    expect(codec.unpack(signed(odd, "{}", "{}", "{}")).header).toMatchObject({ date: "the day before" });
  });
});
