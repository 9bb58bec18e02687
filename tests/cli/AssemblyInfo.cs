using System.Runtime.Versioning;

// Windows runs it in WSL, where it is Linux.
[assembly: UnsupportedOSPlatform("windows")]
