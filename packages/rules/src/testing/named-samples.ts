import type { Dice } from "./secret-samples.ts";

/** A secret that only the words in front of it tell from other text. */
export interface NamedSecret {
  readonly text: string;
  readonly secret: string;
}

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALNUM = `${UPPER}${UPPER.toLowerCase()}0123456789`;
const HEX = "0123456789abcdef";

function named(text: string, secret: string): NamedSecret {
  return { text: text.replace("*", () => secret), secret };
}

function secretValue(dice: Dice): NamedSecret {
  const password = `${dice.some(ALNUM, 9)}7${dice.one(["!", "#9", "-x", "_K"])}`;
  const random = `${dice.some(ALNUM, 30)}4b`;
  return dice.one([
    named("password=*", password),
    named("DB_PASSWORD=*", password),
    named("password: *", password),
    named("the password is *", password),
    named("mysql --password *", password),
    named("Authorization: Bearer *", random),
    named("x-api-key: *", dice.some(HEX, 32)),
    named("client_secret=*", random),
    named("SESSION_TOKEN=*", random),
    named("refresh_token=*", random),
    named("signing_key: *", random),
  ]);
}

function serviceKey(dice: Dice): NamedSecret {
  return dice.one([
    named("Azure OpenAI key: *", `${dice.some(HEX, 31)}5`),
    named("the Cohere key is *", `${dice.some(ALNUM, 39)}5`),
    named("MISTRAL_API_KEY=*", `${dice.some(ALNUM, 31)}5`),
    named("DD_API_KEY=*", `${dice.some(HEX, 31)}5`),
    named("Datadog app key: *", `${dice.some(HEX, 39)}5`),
    named("Twilio auth token: *", `${dice.some(HEX, 31)}5`),
    named("cloudflare token is *", `${dice.some(ALNUM, 39)}5`),
    named("Deepgram key = *", `${dice.some(HEX, 39)}5`),
    named("our Okta token *", `00${dice.some(`${ALNUM}_-`, 39)}5`),
    named("dev-12345.okta.com with `*`", `00${dice.some(`${ALNUM}_-`, 39)}5`),
    named("WANDB_API_KEY=*", `${dice.some(HEX, 39)}5`),
    named("heroku api key: *", [8, 4, 4, 4, 12].map((length) => dice.some(HEX, length)).join("-")),
  ]);
}

function awsSecretKey(dice: Dice): NamedSecret {
  const secret = dice.some(`${ALNUM}+/`, 40).replace(/^[+/]|[+/]$/g, "k");
  const id = `AKIA${dice.some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`;
  return dice.one([
    named("aws_secret_access_key = *", secret),
    named("AWS_SECRET_ACCESS_KEY=*", secret),
    named("the AWS secret key is *", secret),
    named(`${id} and *`, secret),
    named(`${id},*`, secret),
    named("SecretAccessKey: *", secret),
  ]);
}

function itin(dice: Dice): NamedSecret {
  const area = `9${dice.digits(2)}`;
  const group = dice.one(["50", "65", "70", "88", "90", "92", "94", "99"]);
  const serial = `${1 + dice.below(8)}${dice.digits(3)}`;
  return dice.one([
    named("*", `${area}-${group}-${serial}`),
    named("ITIN: *", `${area}${group}${serial}`),
    named("taxpayer id *", `${area}-${group}-${serial}`),
    named("my ITIN is *", `${area} ${group} ${serial}`),
  ]);
}

function passport(dice: Dice): NamedSecret {
  return dice.one([
    named("passport number *", `${dice.some(UPPER, 1)}${dice.digits(8)}`),
    named("Passport No. *", `${dice.some(UPPER, 1)}${dice.digits(7)}`),
    named("passport: *", `${1 + dice.below(8)}${dice.digits(8)}`),
    named("Reisepass C01X*", `${dice.digits(5)}`),
    named("passeport n° *", `${dice.digits(2)}${dice.some(UPPER, 2)}${dice.digits(5)}`),
    named("Her passport is *", `${dice.some(UPPER, 2)}${dice.digits(7)}`),
  ]);
}

function driversLicense(dice: Dice): NamedSecret {
  return dice.one([
    named("driver's license *", `${dice.some(UPPER, 1)}${dice.digits(7)}`),
    named("driver license number: *", `${dice.some(UPPER, 1)}${dice.digits(3)}-${dice.digits(4)}-${dice.digits(4)}`),
    named("drivers license no. *", `${1 + dice.below(8)}${dice.digits(7)}`),
    named("driving licence *", `MORGA${dice.digits(6)}SM9IJ`),
    named("DL number: *", `${dice.some(UPPER, 1)}${dice.digits(12)}`),
  ]);
}

/** Makers of secrets whose kind is told by words, by kind. */
export const NAMED_SECRETS: ReadonlyMap<string, (dice: Dice) => NamedSecret> = new Map([
  ["secret-value", secretValue],
  ["service-key", serviceKey],
  ["aws-secret-key", awsSecretKey],
  ["us-itin", itin],
  ["passport", passport],
  ["drivers-license", driversLicense],
]);

/** The same words, and no secret. */
export const NAMED_LOOK_ALIKES: readonly ((dice: Dice) => string)[] = [
  (dice) => `the password policy changed in v${dice.below(9)}.${dice.below(20)}.${dice.below(9)}`,
  (dice) => `password reset at 2026-11-25T10:${10 + dice.below(49)}:00Z`,
  (dice) => `token count: ${1000 + dice.below(9000)}, max_tokens=${dice.below(9000)}`,
  (dice) => `cache_key=${dice.some(HEX, 40)}`,
  (dice) => `primary_key: ${[8, 4, 4, 4, 12].map((length) => dice.some(HEX, length)).join("-")}`,
  (dice) => `aws commit ${dice.some(HEX, 40)}`,
  (dice) => `cohere release ${dice.some(HEX, 40)}`,
  (dice) => `openai request ${dice.some(HEX, 32)}`,
  (dice) => `azure region westeurope, build ${dice.digits(8)}`,
  (dice) => `datadog trace ${dice.digits(19)}`,
  (dice) => `integrity sha512-${dice.some(`${ALNUM}+/`, 86)}==`,
  (dice) => `etag ${dice.some(HEX, 32)}`,
  (dice) => `9${dice.digits(2)}-4${dice.below(9)}-${dice.digits(4)}`,
  (dice) => `passport.js ${dice.below(9)}.${dice.below(20)}.0 and passport control from 0${dice.below(9)}30`,
  (dice) => `a passport fee of $${100 + dice.below(99)} and ${dice.below(9)} photos`,
  (dice) => `driver license renewal costs ${10 + dice.below(80)} dollars`,
  () => "secretary of state, tokenizer, keyboard, monkey: all words",
  () => "password: required, secret: none, authorization: pending",
  () => "const apiKey = process.env.OPENAI_API_KEY; headers.authorization = `Bearer ${apiKey}`",
];
