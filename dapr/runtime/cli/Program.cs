using HmsMesh.Cli;
using HmsMesh.Cli.Sidecar;

// A sidecar starts often and must start fast: its flags are daprd's, and it never loads the command line library.
return args is ["sidecar", .. var flags]
    ? await SidecarCommand.RunAsync(flags)
    : await Commands.RunAsync(args, MeshContext.FromProcess());
