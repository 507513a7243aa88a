// Written by `npm run lists` from the files of this folder.
import type { Redactor } from "../redactor.ts";
import { apiKey } from "./api-key.ts";
import { awsSecretKey } from "./aws-secret-key.ts";
import { connectionString } from "./connection-string.ts";
import { creditCard } from "./credit-card.ts";
import { driversLicense } from "./drivers-license.ts";
import { email } from "./email.ts";
import { iban } from "./iban.ts";
import { ipAddress } from "./ip-address.ts";
import { jwt } from "./jwt.ts";
import { macAddress } from "./mac-address.ts";
import { passport } from "./passport.ts";
import { phone } from "./phone.ts";
import { privateIpAddress } from "./private-ip-address.ts";
import { privateKey } from "./private-key.ts";
import { secretValue } from "./secret-value.ts";
import { serviceKey } from "./service-key.ts";
import { urlCredentials } from "./url-credentials.ts";
import { usItin } from "./us-itin.ts";
import { usSsn } from "./us-ssn.ts";

/** Every part of this folder, by name. */
export const redactors: readonly Redactor[] = [
  apiKey,
  awsSecretKey,
  connectionString,
  creditCard,
  driversLicense,
  email,
  iban,
  ipAddress,
  jwt,
  macAddress,
  passport,
  phone,
  privateIpAddress,
  privateKey,
  secretValue,
  serviceKey,
  urlCredentials,
  usItin,
  usSsn,
];
