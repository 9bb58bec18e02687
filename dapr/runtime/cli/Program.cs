using HmsMesh.Cli;
using HmsMesh.Cli.Chaos.Kill;
using HmsMesh.Cli.Sidecar;
using HmsMesh.Cli.Up;

// A sidecar starts often and must start fast: its flags are daprd's, and it never loads the command line library.
return args switch
{
    ["sidecar", .. var flags] => await SidecarCommand.RunAsync(flags),
    [ChaosHandler.Name, .. { Length: 3 } chaos] => await ChaosHandler.RunAsync(chaos),
    [BareKestrel.Name] => await BareKestrel.RunAsync(),
    _ => await Commands.RunAsync(args, MeshContext.FromProcess()),
};
