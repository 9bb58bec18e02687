using HmsMesh.Broker.Tests.Host;

// "host ..." is the process that tests start, trace and kill; everything else is xunit's.
return args is ["host", .. var rest]
    ? await LoadHost.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
