using HmsMesh.Auth;
using HmsMesh.Auth.Authorize;
using HmsMesh.Auth.Discovery;
using HmsMesh.Auth.Ending;
using HmsMesh.Auth.Grants;
using HmsMesh.Kit;

var mesh = MeshService.Create(args);
mesh.TrustsTokens("Auth:Trusts", audience: SessionGrant.Door);
mesh.AddAuth();
mesh.Routes(app => app.MapDiscovery());
mesh.Routes(app => app.MapAuthorize());
mesh.Routes(app => app.MapTokens());
mesh.Routes(app => app.MapEnding());
await mesh.RunAsync();
