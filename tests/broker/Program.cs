using HmsMesh.Broker.Tests.Host;

// "host ..." and "share ..." are the processes that tests start, trace and kill; everything else is xunit's.
return args switch
{
    ["host", .. var rest] => await LoadHost.RunAsync(rest),
    ["share", .. var rest] => await ShareHost.RunAsync(rest),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
