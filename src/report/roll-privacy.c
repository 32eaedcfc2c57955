/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-redactor.h"

#include <string.h>

typedef struct
{
  const char *column; /* "*.Model", or of one collector: "Win32_BIOS.Name" */
  RollPrivacy privacy;
} Rule;

/*
 * Texts that may leave, and what those are that may not. What stands in no line is hidden: a column that is collected from
 * tomorrow on is not shown by accident.
 */
static const Rule rules[] = {
  { "*.AdapterCompatibility", ROLL_PRIVATE_TEXT },
  { "*.AdapterType", ROLL_PRIVATE_TEXT },
  { "*.BankLabel", ROLL_PRIVATE_TEXT },
  { "*.BIOSVersion", ROLL_PRIVATE_TEXT },
  { "*.BuildLabEx", ROLL_PRIVATE_TEXT },
  { "*.BuildNumber", ROLL_PRIVATE_TEXT },
  { "*.Caption", ROLL_PRIVATE_TEXT },
  { "*.CodeSet", ROLL_PRIVATE_TEXT },
  { "*.Collation", ROLL_PRIVATE_TEXT },
  { "*.CountryCode", ROLL_PRIVATE_TEXT },
  { "*.CSDVersion", ROLL_PRIVATE_TEXT },
  { "*.CurrentBuild", ROLL_PRIVATE_TEXT },
  { "*.CurrentVersion", ROLL_PRIVATE_TEXT },
  { "*.DeviceLocator", ROLL_PRIVATE_TEXT },
  { "*.displayName", ROLL_PRIVATE_TEXT },
  { "*.DisplayName", ROLL_PRIVATE_TEXT },
  { "*.DisplayVersion", ROLL_PRIVATE_TEXT },
  { "*.DriveLetter", ROLL_PRIVATE_TEXT },
  { "*.DriverVersion", ROLL_PRIVATE_TEXT },
  { "*.Edition", ROLL_PRIVATE_TEXT },
  { "*.EditionID", ROLL_PRIVATE_TEXT },
  { "*.FileSystem", ROLL_PRIVATE_TEXT },
  { "*.FirmwareRevision", ROLL_PRIVATE_TEXT },
  { "*.HotFixID", ROLL_PRIVATE_TEXT },
  { "*.InstallationType", ROLL_PRIVATE_TEXT },
  { "*.InstallDate", ROLL_PRIVATE_TEXT },
  { "*.InstalledOn", ROLL_PRIVATE_TEXT },
  { "*.InterfaceType", ROLL_PRIVATE_TEXT },
  { "*.LicenseFamily", ROLL_PRIVATE_TEXT },
  { "*.Locale", ROLL_PRIVATE_TEXT },
  { "*.Manufacturer", ROLL_PRIVATE_TEXT },
  { "*.MediaType", ROLL_PRIVATE_TEXT },
  { "*.Model", ROLL_PRIVATE_TEXT },
  { "*.MUILanguages", ROLL_PRIVATE_TEXT },
  { "*.OSArchitecture", ROLL_PRIVATE_TEXT },
  { "*.ParentDisplayName", ROLL_PRIVATE_TEXT },
  { "*.PatchLevel", ROLL_PRIVATE_TEXT },
  { "*.Product", ROLL_PRIVATE_TEXT },
  { "*.ProductName", ROLL_PRIVATE_TEXT },
  { "*.Publisher", ROLL_PRIVATE_TEXT },
  { "*.ReleaseId", ROLL_PRIVATE_TEXT },
  { "*.ReleaseType", ROLL_PRIVATE_TEXT },
  { "*.ServicePackInEffect", ROLL_PRIVATE_TEXT },
  { "*.ServiceType", ROLL_PRIVATE_TEXT },
  { "*.SMBIOSBIOSVersion", ROLL_PRIVATE_TEXT },
  { "*.SocketDesignation", ROLL_PRIVATE_TEXT },
  { "*.StartMode", ROLL_PRIVATE_TEXT },
  { "*.State", ROLL_PRIVATE_TEXT },
  { "*.Status", ROLL_PRIVATE_TEXT },
  { "*.SystemDrive", ROLL_PRIVATE_TEXT },
  { "*.SystemFamily", ROLL_PRIVATE_TEXT },
  { "*.SystemType", ROLL_PRIVATE_TEXT },
  { "*.Vendor", ROLL_PRIVATE_TEXT },
  { "*.Version", ROLL_PRIVATE_TEXT },
  { "*.VideoProcessor", ROLL_PRIVATE_TEXT },
  { "*.WindowsDirectory", ROLL_PRIVATE_TEXT },
  { "software.Key", ROLL_PRIVATE_TEXT },
  { "SoftwareLicensingProduct.Name", ROLL_PRIVATE_TEXT },
  { "SoftwareLicensingProduct.Description", ROLL_PRIVATE_TEXT },
  { "windows-version.Key", ROLL_PRIVATE_TEXT },
  { "Win32_BIOS.Name", ROLL_PRIVATE_TEXT },
  { "Win32_ComputerSystemProduct.Name", ROLL_PRIVATE_TEXT },
  { "Win32_DiskDrive.DeviceID", ROLL_PRIVATE_TEXT },
  { "Win32_LogicalDisk.DeviceID", ROLL_PRIVATE_TEXT },
  { "Win32_NetworkAdapter.Name", ROLL_PRIVATE_TEXT },
  { "Win32_NetworkAdapterConfiguration.Description", ROLL_PRIVATE_TEXT },
  { "Win32_OptionalFeature.Name", ROLL_PRIVATE_TEXT },
  { "Win32_PhysicalMemory.PartNumber", ROLL_PRIVATE_TEXT },
  { "Win32_Processor.Description", ROLL_PRIVATE_TEXT },
  { "Win32_Processor.DeviceID", ROLL_PRIVATE_TEXT },
  { "Win32_Processor.Name", ROLL_PRIVATE_TEXT },
  { "Win32_QuickFixEngineering.Description", ROLL_PRIVATE_TEXT },
  { "Win32_ServerFeature.Name", ROLL_PRIVATE_TEXT },
  { "Win32_Service.Name", ROLL_PRIVATE_TEXT },
  { "Win32_VideoController.DeviceID", ROLL_PRIVATE_TEXT },
  { "Win32_VideoController.Name", ROLL_PRIVATE_TEXT },

  { "*.DNSDomain", ROLL_PRIVATE_DOMAIN },
  { "*.Domain", ROLL_PRIVATE_DOMAIN },
  { "*.DNSHostName", ROLL_PRIVATE_NAME },
  { "hyper-v-guest.HostName", ROLL_PRIVATE_NAME },
  { "hyper-v-guest.PhysicalHostName", ROLL_PRIVATE_NAME },
  { "hyper-v-guest.PhysicalHostNameFullyQualified", ROLL_PRIVATE_NAME },
  { "hyper-v-guest.VirtualMachineName", ROLL_PRIVATE_NAME },
  { "Win32_ComputerSystem.Name", ROLL_PRIVATE_NAME },
  { "*.DefaultIPGateway", ROLL_PRIVATE_ADDRESS },
  { "*.DHCPServer", ROLL_PRIVATE_ADDRESS },
  { "*.DNSServerSearchOrder", ROLL_PRIVATE_ADDRESS },
  { "*.IPAddress", ROLL_PRIVATE_ADDRESS },
  { "*.WINSPrimaryServer", ROLL_PRIVATE_ADDRESS },
  { "*.WINSSecondaryServer", ROLL_PRIVATE_ADDRESS },
  { "*.IdentifyingNumber", ROLL_PRIVATE_SERIAL },
  { "*.SerialNumber", ROLL_PRIVATE_SERIAL },
  { "*.UUID", ROLL_PRIVATE_SERIAL },
  { "*.InstalledBy", ROLL_PRIVATE_USER },
  { "*.StartName", ROLL_PRIVATE_USER },
  { "*.UserName", ROLL_PRIVATE_USER },
};

RollPrivacy
roll_privacy_of_column (const char *collector, const char *column)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const char *dot = strchr (rules[i].column, '.');
      gsize length = (gsize) (dot - rules[i].column);

      if (g_str_equal (dot + 1, column)
          && (rules[i].column[0] == '*' || (strncmp (rules[i].column, collector, length) == 0 && collector[length] == '\0')))
        return rules[i].privacy;
    }
  return ROLL_PRIVATE_OTHER;
}
