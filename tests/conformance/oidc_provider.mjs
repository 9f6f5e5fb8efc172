// The npm package oidc-provider set up as ACM/IDM is: code flow with PKCE, private_key_jwt, client credentials, opaque
// tokens, introspection, ACM's scopes and claims, and logout. Arguments: port, and a JSON file with `clients`, `people`
// and `machines`. Whoever logs in is the person of the parameter `login_hint`, else the first.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [port, settings, packages] = process.argv.slice(2)
const load = async (name) => import(pathToFileURL(createRequire(`${packages}/`).resolve(name)))
const { default: Provider } = await load('oidc-provider')
const { clients, people, machines } = JSON.parse(readFileSync(settings))
const issuer = `http://127.0.0.1:${port}`
const acm = ['vo_id', 'vo_doelgroepcode', 'vo_orgcode', 'vo_orgnaam']

const provider = new Provider(issuer, {
  clients,
  clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
  scopes: ['openid', 'profile', 'vo', 'rrn', 'dv_verenigingsregister', 'dv_verenigingsregister_beheer', 'vo_info'],
  claims: {
    openid: ['sub'], profile: ['given_name', 'family_name'], rrn: ['rrn'], vo: acm,
    dv_verenigingsregister: ['dv_verenigingsregister_rol_3d'],
  },
  conformIdTokenClaims: process.env.CLAIMS_IN_USERINFO === '1',
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx) => (ctx.oidc.params?.grant_type === 'client_credentials' ? `${issuer}/api` : undefined),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: 'dv_verenigingsregister_beheer vo_info', accessTokenFormat: 'opaque', accessTokenTTL: 600,
      }),
    },
  },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  interactions: { url: (ctx, interaction) => `/als/${interaction.uid}` },
})

// What ACM tells of a machine at introspection.
provider.use(async (ctx, next) => {
  await next()
  if (ctx.oidc?.route === 'introspection' && ctx.body?.active) Object.assign(ctx.body, machines[ctx.body.client_id])
  if (ctx.path.startsWith('/als/')) {
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res)
    const accountId = session?.accountId ?? params.login_hint ?? Object.keys(people)[0]
    const result = {}
    if (prompt.name === 'login') result.login = { accountId }
    const grant = new provider.Grant({ accountId, clientId: params.client_id })
    grant.addOIDCScope(params.scope)
    grant.addResourceScope(`${issuer}/api`, params.scope)
    result.consent = { grantId: await grant.save() }
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: true })
    ctx.respond = false
  }
})

provider.on('server_error', (ctx, error) => console.error(error))
provider.listen(Number(port), '127.0.0.1', () => console.log(issuer))
