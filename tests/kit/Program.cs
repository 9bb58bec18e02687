using System.Reflection;
using HmsMesh.Kit.Tests;
using Xunit.Runner.InProc.SystemConsole;

// The tests start their own program once more as the service that they kill.
if (args is ["service", .. var rest])
{
    await SampleService.Create(rest).RunAsync();
    return Environment.ExitCode;
}

return await ConsoleRunner.Run(args);
