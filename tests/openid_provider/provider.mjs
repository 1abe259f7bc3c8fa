// A force's OpenID Connect provider for the tests: `oidc-provider`, which the OpenID Foundation
// has certified. Usage: node provider.mjs FILE, where FILE is JSON:
//   {port, client: {id, secret or keys, callback}, accounts: {NAME: {claims}}, acr, oneLogin}
// With oneLogin, {signedOut, notices}, it behaves as GOV.UK One Login's documentation says: tokens
// signed with ES256, `vtr` asked for as JSON, `vot` in the ID token, signing out by the browser and
// by a notice to us.
// FILE is read again at each sign-in, so that a test can move somebody to another group.

import { readFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import Provider, { errors } from "oidc-provider";

const file = process.argv[2];
const read = () => JSON.parse(readFileSync(file, "utf8"));
const { port, client, oneLogin } = read();
const issuer = `http://127.0.0.1:${port}`;

const levels = ["Cl", "Cl.Cm", "Cl.Cm.P2", "P2.Cl.Cm"];
const likeOneLogin = oneLogin && {
  jwks: {
    keys: [
      {
        ...generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }),
        alg: "ES256",
        use: "sig",
        kid: "one-login-1",
      },
    ],
  },
  extraParams: {
    vtr: (ctx, value) => {
      const asked = value === undefined ? [] : JSON.parse(value);
      if (!Array.isArray(asked) || !asked.every((level) => levels.includes(level)))
        throw new errors.InvalidRequest("vtr in request is malformed");
    },
  },
};

const provider = new Provider(issuer, {
  ...likeOneLogin,
  clients: [
    {
      client_id: client.id,
      ...(client.keys
        ? { jwks: { keys: client.keys }, token_endpoint_auth_method: "private_key_jwt" }
        : { client_secret: client.secret }),
      redirect_uris: [client.callback],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      ...(oneLogin && {
        id_token_signed_response_alg: "ES256",
        post_logout_redirect_uris: [oneLogin.signedOut],
        backchannel_logout_uri: oneLogin.notices,
      }),
    },
  ],
  acrValues: ["phrh", "pwd"],
  claims: {
    openid: ["sub", "oid", "vot", "vtm"],
    profile: ["name", "preferred_username", "groups"],
    email: ["email"],
  },
  // as Microsoft Entra and Keycloak do: the claims are in the ID token
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests only"] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: Boolean(oneLogin) },
    rpInitiatedLogout: {
      // One Login asks nothing before it signs somebody out.
      logoutSource: (ctx, form) => {
        ctx.body = form.replace("</form>", '<input name="logout" value="yes"></form>');
      },
    },
  },
  pkce: { required: () => true, methods: ["S256"] },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, sub) => {
    const claims = Object.values(read().accounts).find((account) => account.sub === sub);
    return claims && { accountId: claims.sub, claims: () => claims };
  },
});

function page(uid) {
  return `<!doctype html><html lang="en"><title>The force's sign-in</title>
<h1>The force's sign-in</h1>
<form method="post" action="/interaction/${uid}">
<label>User name <input name="login" autofocus></label><button>Sign in</button></form></html>`;
}

async function readForm(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { uid, params, prompt, session } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === "login" && ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = page(uid);
    return;
  }
  const result = {};
  let accountId = session?.accountId;
  if (prompt.name === "login") {
    // Whoever has no account here stays unknown.
    const login = (await readForm(ctx.req)).get("login");
    accountId = read().accounts[login]?.sub ?? login;
    result.login = { accountId, acr: read().acr, amr: ["pwd", "otp"] };
  }
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  result.consent = { grantId: await grant.save() };
  await provider.interactionFinished(ctx.req, ctx.res, result, {
    mergeWithLastSubmission: true,
  });
});

provider.listen(port, "127.0.0.1", () => console.log(`ready: ${issuer}`));
