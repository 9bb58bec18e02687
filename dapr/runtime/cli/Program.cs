return args switch
{
    ["sidecar", .. var flags] => await HmsMesh.Cli.Sidecar.SidecarCommand.RunAsync(flags),
    _ => HmsMesh.Cli.Usage.Print(),
};
