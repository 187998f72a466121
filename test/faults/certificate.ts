/** A self-signed X.509 certificate for TLS tests, made on the spot: nothing in the repository expires or looks like a leaked key. */
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, "hex"));

function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, "");
  return tlv(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

/** PEM key and certificate, good for a day, for DNS names and IPv4 addresses. */
export function makeCertificate(names: string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const ecdsaSha256 = sequence(oid("2a8648ce3d040302"));
  const commonName = sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(names[0] ?? "test")))));
  const altNames = sequence(
    ...names.map((name) =>
      /^[\d.]+$/.test(name)
        ? tlv(0x87, Buffer.from(name.split(".").map(Number)))
        : tlv(0x82, Buffer.from(name)),
    ),
  );
  const extensions = sequence(
    sequence(oid("551d11"), tlv(0x04, altNames)),
    sequence(
      oid("551d13"),
      tlv(0x01, Buffer.from([0xff])),
      tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff])))),
    ),
  );
  const now = Date.now();
  const toSign = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaSha256,
    commonName,
    sequence(utcTime(new Date(now - 3_600_000)), utcTime(new Date(now + 86_400_000))),
    commonName,
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, extensions),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign("sha256", toSign, privateKey));
  const der = sequence(toSign, ecdsaSha256, signature);
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
