using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace HmsMesh.Kit;

/// <summary>One file of SQL: NNN-what.sql.</summary>
internal sealed record Migration(string Part, int Number, string Name, string Text)
{
    public string Checksum { get; } = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    /// <summary>The kit's files, then the service's, each in order.</summary>
    public static IReadOnlyList<Migration> Of(Assembly service) =>
        [.. Read("mesh", typeof(Migration).Assembly, "mesh-database/"), .. Read("service", service, "database/")];

    internal static IReadOnlyList<Migration> Read(string part, Assembly assembly, string folder)
    {
        var found = new SortedDictionary<int, Migration>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(folder, StringComparison.Ordinal) || !resource.EndsWith(".sql", StringComparison.Ordinal))
            {
                continue;
            }

            var name = resource[folder.Length..];
            var dash = name.IndexOf('-', StringComparison.Ordinal);
            if (dash < 1 || !int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw new MigrationException($"database/{name}: the file's name is NNN-what.sql, so that the order is known.");
            }

            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            if (!found.TryAdd(number, new Migration(part, number, name, reader.ReadToEnd())))
            {
                throw new MigrationException($"database/{name} and database/{found[number].Name} have the same number.");
            }
        }

        return [.. found.Values];
    }
}
